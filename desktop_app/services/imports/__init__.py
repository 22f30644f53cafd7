"""Excel in: one module per kind of workbook; a dry run is a plan, and a plan is applied as it was shown."""
