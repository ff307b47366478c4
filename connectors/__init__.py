"""The platforms: one module each, and `kit`, the vocabulary they speak.

A platform module says what to ask its API and how to read the answer. It never fetches, stores, waits, logs, sees a
secret or looks at the clock: that is the application's work (`collector`), which imports this package and is never
imported by it. To add a platform, add its module here, its samples in `samples/<slug>/` and nothing else.
"""
