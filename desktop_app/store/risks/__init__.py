"""Risk flags kept beside the records (R37, R38): found in the transaction of each change, for what it touched alone."""

from desktop_app.store.risks.following import follow, rebuild

__all__ = ["follow", "rebuild"]
