"""Worker processes: Dramatiq actors around :mod:`pipeline.flow`, and the sweeper that misses nothing."""
