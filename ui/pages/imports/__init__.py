"""导入: five steps on one page, nothing written before the last."""
