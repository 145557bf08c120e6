"""Whether a quote supports what a statement says about it; `check.supports` is the way in."""
