"""Noise put into a picture, and taken out of it: the schedule and its sums, sampling, guidance."""
