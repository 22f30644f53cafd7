"""Other engines that the benchmark of sharing runs beside the product; optional, each in an environment of its own."""
