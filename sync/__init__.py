"""Traffic with the outside: sharing among workstations, reporting to the province, the reference platform."""
