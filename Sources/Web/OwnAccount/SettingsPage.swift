internal import Accounts
internal import Foundation
internal import QRCodes

/// The pages below `/settings`, which share a second navigation.
enum SettingsPlace: String, CaseIterable, Sendable {
    case profile
    case security
    case devices
    case keys
    case team
    case data

    var url: String { self == .profile ? "/settings" : "/settings/\(rawValue)" }

    func navigation(_ viewer: Viewer, _ strings: Strings) -> [SubEntry] {
        Self.allCases.filter { $0 != .team || viewer.may(.team) || viewer.account.teamOwner != nil }.map { place in
            SubEntry(
                subURL: place.url,
                subLabel: strings("settings.nav.\(place.rawValue)"),
                subIsCurrent: place == self
            )
        }
    }
}

/// One entry of a page's second navigation, for `parts/sub-nav`.
struct SubEntry: Sendable {
    let subURL: String
    let subLabel: String
    let subIsCurrent: Bool
}

/// `/settings`.
struct ProfilePage: PanelPage {
    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    var name: Field
    var email: Field
    var current: Field?
    let shownEmail: String
    let isVerified: Bool
    var problem: String?

    init(_ viewer: Viewer, strings: Strings, needsPassword: Bool) {
        title = "\(strings("settings.nav.profile")) · Wharf"
        subNavigation = SettingsPlace.profile.navigation(viewer, strings)
        name = .name(strings, value: viewer.account.name)
        email = Field(
            "email",
            strings("settings.profile.new_email"),
            type: "email",
            hint: strings("settings.profile.email_hint"),
            autocomplete: "email",
            maxLength: 254,
            inputMode: "email"
        )
        current = needsPassword ? .currentPassword(strings) : nil
        shownEmail = viewer.account.email.text
        isVerified = viewer.account.isEmailVerified
    }

    func again(_ form: FormFields, _ error: AccountsError, _ strings: Strings) -> ProfilePage {
        var page = self
        if form["name"] != nil || error.field == "name" { page.name = name.again(form, error, strings) }
        if form["email"] != nil || error.field == "email" { page.email = email.again(form, error, strings) }
        if error.field == nil { page.problem = strings.message(of: error) }
        return page
    }
}

/// `/settings/security`.
struct SecurityPage: PanelPage {
    struct Way: Sendable {
        let wayName: String
        let wayEmail: String?
        let waySince: String?
        let wayLinkURL: String?
        let wayUnlinkURL: String?
        let wayConfirm: String
    }

    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    let hasPassword: Bool
    let passwordSince: String?
    var current: Field?
    var newPassword: Field
    let mustLogInAgain: Bool
    let isSecondFactorOn: Bool
    let codesLeft: String
    let proposedSecret: String?
    let proposedQR: SafeHTML?
    var code: Field
    let ways: [Way]
    let hasWays: Bool
    var problem: String?

    init(
        _ viewer: Viewer,
        strings: Strings,
        needsPassword: Bool,
        mustLogInAgain: Bool,
        codesLeft: Int,
        proposal: ProposedSecondFactor?,
        providers: [Provider],
        identities: [LinkedIdentity]
    ) {
        title = "\(strings("settings.nav.security")) · Wharf"
        subNavigation = SettingsPlace.security.navigation(viewer, strings)
        hasPassword = viewer.account.hasPassword
        passwordSince = viewer.account.passwordChangedAt.map {
            strings("settings.security.password_since", ["day": strings.day($0)])
        }
        current = needsPassword ? .currentPassword(strings) : nil
        newPassword = .newPassword(strings)
        self.mustLogInAgain = mustLogInAgain
        isSecondFactorOn = viewer.account.hasSecondFactor
        self.codesLeft = strings.counted("settings.security.codes_left", codesLeft)
        // In groups of four, as people type it.
        proposedSecret = proposal.map { proposal in
            stride(from: 0, to: proposal.secret.count, by: 4)
                .map { String(proposal.secret.dropFirst($0).prefix(4)) }.joined(separator: " ")
        }
        proposedQR = proposal.flatMap { try? QRCode(encoding: $0.address).svg() }.map { SafeHTML(rendered: $0) }
        code = Field("code", strings("login.code"), autocomplete: "one-time-code", maxLength: 20, inputMode: "numeric")
        ways = providers.map { provider in
            let identity = identities.first { $0.provider == provider.id }
            return Way(
                wayName: provider.name,
                wayEmail: identity?.email,
                waySince: identity.map {
                    strings("settings.security.linked_since", ["day": strings.day($0.createdAt)])
                },
                wayLinkURL: identity == nil ? "/login/with/\(provider.id)?link=" : nil,
                wayUnlinkURL: identity == nil ? nil : "/settings/unlink/\(provider.id)",
                wayConfirm: strings("settings.security.unlink_confirm", ["name": provider.name])
            )
        }
        hasWays = !providers.isEmpty
    }

    func again(_ form: FormFields, _ error: AccountsError, _ strings: Strings) -> SecurityPage {
        var page = self
        switch error.field {
        case "password": page.newPassword = newPassword.again(form, error, strings)
        case "code" where proposedSecret != nil: page.code = code.again(form, error, strings)
        default: page.problem = strings.message(of: error)
        }
        return page
    }
}

/// Recovery codes, shown once.
struct RecoveryCodesPage: PanelPage {
    let panelPlace = PanelPlace.settings
    let title: String
    let codes: [String]
    let codesText: String

    init(_ codes: [String], strings: Strings) {
        title = "\(strings("settings.security.codes_title")) · Wharf"
        self.codes = codes
        codesText = codes.joined(separator: "\n")
    }
}

/// `/settings/devices`.
struct DevicesPage: PanelPage {
    struct Device: Sendable {
        let deviceName: String
        let deviceFacts: String
        let deviceIsThis: Bool
        let deviceIsImpersonated: Bool
        let deviceRevokeURL: String
    }

    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    let devices: [Device]
    /// What logged in with the password by the API.
    let programs: [Device]
    let hasPrograms: Bool
    let hasOthers: Bool

    init(
        _ viewer: Viewer,
        _ sessions: [LoginSession],
        _ programs: [ProgramLogin],
        strings: Strings,
        now: Date
    ) {
        title = "\(strings("settings.nav.devices")) · Wharf"
        subNavigation = SettingsPlace.devices.navigation(viewer, strings)
        devices = sessions.map { session in
            Device(
                deviceName: UserAgent(session.userAgent).words ?? strings("settings.devices.unknown"),
                deviceFacts: strings(
                    "settings.devices.facts",
                    [
                        "address": session.address, "seen": strings.distance(to: session.lastSeenAt, from: now),
                        "since": strings.day(session.createdAt),
                    ]
                ),
                deviceIsThis: viewer.credential == .browser(session.id),
                deviceIsImpersonated: session.isImpersonated,
                deviceRevokeURL: "/settings/devices/\(session.id)/revoke"
            )
        }
        self.programs = programs.map { program in
            Device(
                deviceName: program.userAgent.isEmpty ? strings("settings.devices.unknown_program") : program.userAgent,
                deviceFacts: strings(
                    "settings.devices.facts",
                    [
                        "address": program.address, "seen": strings.distance(to: program.lastUsedAt, from: now),
                        "since": strings.day(program.createdAt),
                    ]
                ),
                deviceIsThis: false,
                deviceIsImpersonated: false,
                deviceRevokeURL: "/settings/devices/programs/\(program.id)/revoke"
            )
        }
        hasPrograms = !programs.isEmpty
        hasOthers = sessions.count > 1 || !programs.isEmpty
    }
}

/// `/settings/data`.
struct DataPage: PanelPage {
    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    let typed: Field
    let current: Field?
    var problem: String?

    init(_ viewer: Viewer, strings: Strings, needsPassword: Bool) {
        title = "\(strings("settings.nav.data")) · Wharf"
        subNavigation = SettingsPlace.data.navigation(viewer, strings)
        typed = Field(
            "email",
            strings("settings.data.type_email", ["email": viewer.account.email.text]),
            type: "text",
            autocomplete: "off",
            maxLength: 254
        )
        current = needsPassword ? .currentPassword(strings) : nil
    }
}

/// What a browser says it is, in two words: "Firefox on Linux".
struct UserAgent {
    let words: String?

    init(_ text: String) {
        let browsers = [
            ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
            ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("FxiOS/", "Firefox"),
            ("Safari/", "Safari"), ("curl/", "curl"),
        ]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"),
        ]
        let browser = browsers.first { text.contains($0.0) }?.1
        let system = systems.first { text.contains($0.0) }?.1
        let known = [browser, system].compactMap { $0 }
        words = known.isEmpty ? nil : known.joined(separator: " · ")
    }
}
