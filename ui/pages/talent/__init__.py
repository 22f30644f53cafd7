"""技能人才 of the institution: statistics, holders of certificates, 待遇兑现, credit banks."""
