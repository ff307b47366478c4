"""What the stand-in's contracts on Meta's Graph share: how it refuses, its keys, and how people allow them."""
