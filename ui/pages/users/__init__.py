"""用户: accounts, roles and what this workstation lets in."""
