"""The command »patenwerk«: dispatches, nothing else. Each command has one module."""
