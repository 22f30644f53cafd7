"""培训项目: the catalogue as the platform publishes it."""
