"""职业指导、岗位推荐、创业服务 and hires of a class."""
