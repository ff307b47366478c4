"""What the benchmark's server answers, one module for each family of platforms.

Bodies have the shape and size of the platforms' own; every number is made from the account's number and the day, so
that an answer asked for again is the same answer.
"""
