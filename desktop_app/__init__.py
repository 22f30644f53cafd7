"""The desktop client: domain, services, store, spreadsheets, papers and command line."""
