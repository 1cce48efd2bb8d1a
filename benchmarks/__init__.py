"""Each benchmark prints its figures as ratios to a yardstick that ran beside it."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as in `lente.app.run`, and like there before numpy is loaded
