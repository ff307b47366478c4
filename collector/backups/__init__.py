"""Backups of a home as one file each, their rotation, and bringing one back."""
