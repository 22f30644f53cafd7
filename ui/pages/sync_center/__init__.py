"""同步中心: what goes up to the province, and what came back."""
