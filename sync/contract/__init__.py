"""What an institution and the provincial platform share: wire types, validation, signing, errors, openapi.yaml."""
