"""意愿登记: who wants to train, matched to new classes."""
