"""A local server that plays several outlets, keeps a ledger of what it served, and audits who watched it."""
