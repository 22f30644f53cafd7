"""One package a page; pages do not know each other, the registry knows them all."""
