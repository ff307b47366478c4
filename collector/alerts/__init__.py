"""What the program tells people by itself: once for each cause, and once when it is over."""
