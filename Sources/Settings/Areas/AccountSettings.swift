/// Who may have an account, and what guards it.
package struct AccountSettings: Sendable {
    package enum Registration: String, Sendable, CaseIterable {
        case open
        case closed
    }

    package var registration: Registration
    package var verifiesEmail: Bool
    package var loginsPerMinute: Int
    package var callsPerMinute: Int
    package var writesPerMinute: Int
    /// In KiB.
    package var passwordMemory: Int
    package var passwordPasses: Int
    package var passwordLanes: Int
    package var passwordThreads: Int
    package var passwordQueue: Int
    package var administratorEmail: String?
    package var administratorPassword: Secret<String>?
    package var gitHub: LoginProviderSettings?
    package var google: LoginProviderSettings?
    package var openIDIssuer: String?
    package var openIDName: String
    package var openID: LoginProviderSettings?

    init(reading reader: inout SettingsReader) {
        reader.begin("Accounts")
        registration = reader.value(
            "WHARF_REGISTRATION",
            .choice,
            standard: .open,
            help: "Who makes accounts: open for anybody, closed for administrators and their invitations alone."
        )
        verifiesEmail = reader.value(
            "WHARF_VERIFY_EMAIL",
            .switching,
            standard: true,
            help: "Whether an account's e-mail address must be confirmed before it may deploy bots."
        )
        loginsPerMinute = reader.value(
            "WHARF_LOGINS_PER_MINUTE",
            .wholeNumber(1...1_000),
            standard: 5,
            help:
                "Logins, and password resets, that one address or one account may try within a minute; after that the wait "
                + "doubles each time."
        )
        callsPerMinute = reader.value(
            "WHARF_API_CALLS_PER_MINUTE",
            .wholeNumber(1...1_000_000),
            standard: 100,
            help: "Calls of the API that one address may make within a minute. An IPv6 /64 counts as one address."
        )
        writesPerMinute = reader.value(
            "WHARF_API_WRITES_PER_MINUTE",
            .wholeNumber(1...1_000_000),
            standard: 20,
            help: "Calls of the API that change something which one account may make within a minute."
        )
        passwordMemory = reader.value(
            "WHARF_PASSWORD_MEMORY",
            .wholeNumber(8...4_194_304),
            standard: 19_456,
            help:
                "KiB of memory that hashing one password takes (argon2id). Stored hashes are renewed at the next login."
        )
        passwordPasses = reader.value(
            "WHARF_PASSWORD_PASSES",
            .wholeNumber(1...100),
            standard: 2,
            help: "Passes over that memory."
        )
        passwordLanes = reader.value(
            "WHARF_PASSWORD_LANES",
            .wholeNumber(1...16),
            standard: 1,
            help: "Lanes of argon2id; more than one starts threads of its own."
        )
        passwordThreads = reader.value(
            "WHARF_PASSWORD_THREADS",
            .wholeNumber(1...64),
            standard: 1,
            help: "Passwords that are hashed at once; this times the memory is what a flood of logins can take."
        )
        passwordQueue = reader.value(
            "WHARF_PASSWORD_QUEUE",
            .wholeNumber(1...10_000),
            standard: 64,
            help: "Passwords that are hashed or wait for it; further logins are answered with 503."
        )
        administratorEmail = reader.optional(
            "ADMIN_USERNAME",
            .text("an e-mail address"),
            help: "Makes an administrator with this address at the start, unless there is one of it."
        )
        administratorPassword = reader.secret(
            "ADMIN_PASSWORD",
            .text("a password of at least 10 characters", limit: 256),
            help: "That administrator's first password; a weak one stops the start. Later changes are not undone by it."
        )
        gitHub = LoginProviderSettings(reading: &reader, "GITHUB", site: "GitHub")
        google = LoginProviderSettings(reading: &reader, "GOOGLE", site: "Google")
        openIDIssuer = reader.optional(
            "WHARF_OIDC_ISSUER",
            .text("an issuer's address"),
            help:
                "Issuer of OpenID Connect that people may log in with, by its address without "
                + "`/.well-known/openid-configuration`."
        )
        openIDName = reader.value(
            "WHARF_OIDC_NAME",
            .text("a name", limit: 40),
            standard: "OpenID Connect",
            help: "What that issuer is called on the button."
        )
        openID = LoginProviderSettings(reading: &reader, "OIDC", site: "the issuer")
    }
}
