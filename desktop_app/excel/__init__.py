"""Excel in and out: readers of what offices send, column mapping, and writers of workbooks."""
