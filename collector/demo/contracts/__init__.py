"""One module per platform that the stand-in speaks; they are found by walking this package."""
