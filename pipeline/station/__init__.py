"""The scanning station: papers taken in at the counter, looked at while the citizen is still there."""
