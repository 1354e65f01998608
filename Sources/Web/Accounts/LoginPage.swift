internal import Accounts

/// `/login`.
struct LoginPage: PageFrame, Sendable {
    let title: String
    let description = "Log in to Wharf."
    let canonicalPath: String? = "/login"
    let place = PagePlace.login

    let csrf: String
    let next: String?
    let toast: String?
    let languages: [Choice]
    let here = "/login"
    var email: Field
    let password: Field
    let providers: [ProviderButton]
    let hasProviders: Bool
    var problem: String?

    init(csrf: String, strings: Strings, next: ReturnPath?, toast: String?, providers: [Provider]) {
        self.providers = providers.map { ProviderButton($0, strings, next: next) }
        hasProviders = !providers.isEmpty
        title = "\(strings("login.title")) · Wharf"
        self.csrf = csrf
        self.next = next?.text
        self.toast = toast
        languages = Choice.languages(strings.language)
        email = Field(
            "email",
            strings("fields.email"),
            type: "email",
            autocomplete: "username",
            maxLength: 254,
            inputMode: "email",
            hasFocus: true
        )
        password = Field(
            "password",
            strings("fields.password"),
            type: "password",
            autocomplete: "current-password",
            maxLength: PasswordRules.maximum
        )
    }
}

/// The second step of logging in, `/login/code`.
struct CodePage: PageFrame, Sendable {
    let title: String
    let description = "Log in to Wharf."
    let canonicalPath: String? = nil
    let place = PagePlace.login

    let csrf: String
    let challenge: String
    let next: String?
    let code: Field
    var problem: String?

    init(csrf: String, strings: Strings, challenge: String, next: ReturnPath?) {
        title = "\(strings("login.code_title")) · Wharf"
        self.csrf = csrf
        self.challenge = challenge
        self.next = next?.text
        code = Field(
            "code",
            strings("login.code"),
            autocomplete: "one-time-code",
            maxLength: 20,
            hasFocus: true
        )
    }
}

/// `/register`.
struct RegisterPage: PageFrame, Sendable {
    let title: String
    let description = "Make an account at Wharf."
    let canonicalPath: String? = "/register"
    let place = PagePlace.login

    let csrf: String
    let languages: [Choice]
    let here = "/register"
    /// False where administrators make the accounts.
    let isOpen: Bool
    var name: Field
    var email: Field
    var password: Field
    let providers: [ProviderButton]
    let hasProviders: Bool
    var problem: String?

    init(csrf: String, strings: Strings, isOpen: Bool, providers: [Provider]) {
        self.providers = isOpen ? providers.map { ProviderButton($0, strings, next: nil) } : []
        hasProviders = isOpen && !providers.isEmpty
        title = "\(strings("register.title")) · Wharf"
        self.csrf = csrf
        self.isOpen = isOpen
        languages = Choice.languages(strings.language)
        name = Field("name", strings("fields.name"), autocomplete: "name", maxLength: 80, hasFocus: true)
        email = Field(
            "email",
            strings("fields.email"),
            type: "email",
            autocomplete: "username",
            maxLength: 254,
            inputMode: "email"
        )
        password = Field(
            "password",
            strings("fields.password"),
            type: "password",
            hint: strings("fields.password_hint", ["count": "\(PasswordRules.minimum)"]),
            autocomplete: "new-password",
            maxLength: PasswordRules.maximum
        )
    }
}

extension Choice {
    static func languages(_ current: Language) -> [Choice] {
        Language.allCases.map { Choice($0.rawValue, $0.ownName, isSelected: $0 == current) }
    }
}

/// A button that leads to another site's login, for `parts/providers`.
struct ProviderButton: Sendable {
    let providerURL: String
    let providerLabel: String

    init(_ provider: Provider, _ strings: Strings, next: ReturnPath?) {
        let query = next.map { "?next=\($0.text.percentEncoded)" } ?? ""
        providerURL = "/login/with/\(provider.id)\(query)"
        providerLabel = strings("login.with", ["name": provider.name])
    }
}
