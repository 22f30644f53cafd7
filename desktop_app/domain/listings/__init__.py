"""Read-only items that queries fill and screens show; personal data in them is masked unless said otherwise."""
