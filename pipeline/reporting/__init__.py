"""Rates by level and period, throughput, reuse."""
