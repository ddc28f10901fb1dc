"""Rates by level and period, throughput, reuse: counted, checked, and written as tables, workbooks, plots and a page."""
