"""A stand-in for the platforms over real HTTP on loopback, and the seeding of past months through the real path."""
