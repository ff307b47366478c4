"""Typed figures: tables and command lines become checked figures. Pure: nothing here stores, waits or asks the time."""
