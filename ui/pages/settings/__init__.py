"""设置: this window, this workstation, this user."""
