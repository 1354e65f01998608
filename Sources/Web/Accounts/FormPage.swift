internal import Accounts

/// A page that is one form in the middle: a title, a sentence, fields, a button.
struct FormPage: PageFrame, Sendable {
    let title: String
    let description = "Wharf"
    let canonicalPath: String? = nil
    let place = PagePlace.login

    let heading: String
    let lead: String?
    let csrf: String
    let action: String
    let submit: String
    var fields: [Field]
    /// A second way on.
    let moreURL: String?
    let moreLabel: String?
    var problem: String?
    var toast: String?

    init(
        _ name: String,
        csrf: String,
        _ strings: Strings,
        action: String,
        values: [String: String] = [:],
        fields: [Field] = [],
        more: (url: String, name: String)? = nil
    ) {
        heading = strings("\(name).title", values)
        title = "\(heading) · Wharf"
        lead = strings.find("\(name).lead").map { _ in strings("\(name).lead", values) }
        submit = strings("\(name).submit")
        self.csrf = csrf
        self.action = action
        self.fields = fields
        moreURL = more?.url
        moreLabel = more.map { strings($0.name) }
    }

    func again(_ form: FormFields, _ error: any UserFacingError, _ strings: Strings) -> FormPage {
        var page = self
        page.fields = fields.map { $0.again(form, error, strings) }
        if !fields.contains(where: { $0.fieldName == error.field }) { page.problem = strings.message(of: error) }
        return page
    }

    static func forgot(csrf: String, _ strings: Strings) -> FormPage {
        FormPage(
            "forgot",
            csrf: csrf,
            strings,
            action: "/forgot",
            fields: [.email(strings, hasFocus: true)],
            more: ("/login", "login.back")
        )
    }

    static func reset(csrf: String, _ strings: Strings, token: SecretToken) -> FormPage {
        FormPage("reset", csrf: csrf, strings, action: "/reset/\(token.text)", fields: [.newPassword(strings)])
    }

    static func resend(csrf: String, _ strings: Strings, email: String) -> FormPage {
        FormPage(
            "resend",
            csrf: csrf,
            strings,
            action: "/verify-email",
            values: ["email": email],
            more: ("/settings", "resend.change")
        )
    }

    static func verify(csrf: String, _ strings: Strings, token: SecretToken) -> FormPage {
        FormPage("verify", csrf: csrf, strings, action: "/verify-email/\(token.text)")
    }

    static func invitation(
        csrf: String,
        _ strings: Strings,
        _ offer: OfferedInvitation,
        token: SecretToken
    ) -> FormPage {
        FormPage(
            "invitation",
            csrf: csrf,
            strings,
            action: "/invitation/\(token.text)",
            values: ["owner": offer.owner, "email": offer.email.text],
            fields: [.name(strings, hasFocus: true), .newPassword(strings)]
        )
    }

    static func join(csrf: String, _ strings: Strings, _ offer: OfferedInvitation, token: SecretToken) -> FormPage {
        FormPage(
            "join",
            csrf: csrf,
            strings,
            action: "/invitation/\(token.text)",
            values: ["owner": offer.owner, "email": offer.email.text]
        )
    }

    static func setUp(csrf: String, _ strings: Strings, token: SecretToken) -> FormPage {
        FormPage(
            "setup",
            csrf: csrf,
            strings,
            action: "/setup/\(token.text)",
            fields: [.name(strings, hasFocus: true), .email(strings), .newPassword(strings)]
        )
    }
}

/// A page that says one thing.
struct NoticePage: PageFrame, Sendable {
    let title: String
    let description = "Wharf"
    let canonicalPath: String? = nil
    let place = PagePlace.login
    let heading: String
    let text: String
    let actionURL: String?
    let actionLabel: String?

    init(_ name: String, _ strings: Strings, text: String? = nil, action: (url: String, name: String)?) {
        heading = strings("notice.\(name).title")
        title = "\(heading) · Wharf"
        self.text = text ?? strings("notice.\(name).text")
        actionURL = action?.url
        actionLabel = action.map { strings("notice.\($0.name)") }
    }
}

extension Field {
    static func name(_ strings: Strings, value: String? = nil, hasFocus: Bool = false) -> Field {
        Field(
            "name",
            strings("fields.name"),
            value: value,
            autocomplete: "name",
            maxLength: 80,
            hasFocus: hasFocus
        )
    }

    static func email(_ strings: Strings, hasFocus: Bool = false) -> Field {
        Field(
            "email",
            strings("fields.email"),
            type: "email",
            autocomplete: "username",
            maxLength: 254,
            inputMode: "email",
            hasFocus: hasFocus
        )
    }

    static func newPassword(_ strings: Strings) -> Field {
        Field(
            "password",
            strings("fields.new_password"),
            type: "password",
            hint: strings("fields.password_hint", ["count": "\(PasswordRules.minimum)"]),
            autocomplete: "new-password",
            maxLength: PasswordRules.maximum
        )
    }

    static func currentPassword(_ strings: Strings) -> Field {
        Field(
            "current",
            strings("fields.current_password"),
            type: "password",
            autocomplete: "current-password",
            maxLength: PasswordRules.maximum
        )
    }
}
