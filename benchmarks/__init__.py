"""Each benchmark prints its figures as ratios to a yardstick that ran beside it."""
