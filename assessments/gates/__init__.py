"""What stands between a digital project and its next stage, as the registers tell it."""
