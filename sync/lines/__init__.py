"""Lines to what lies beyond this machine, whatever travels over them: connections, and requests made until answered."""
