"""Who is connected and with what: the sealed sign-ins, and finding the account that a platform's answer speaks of."""
