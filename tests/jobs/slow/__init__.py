"""An app for the worker's tests: its job kills the worker that does it the first time."""
