"""Reporting to the province: one module a stage, and the adapter between the engine and the platform's wire."""
