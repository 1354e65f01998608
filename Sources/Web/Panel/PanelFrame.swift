internal import Accounts

/// The places of the panel that its navigation names.
enum PanelPlace: String, CaseIterable, Sendable {
    case dashboard
    case deploy
    case settings
    case admin
    case elsewhere

    /// In the order of the navigation, each with its address, its icon and who sees it.
    static let navigation: [(place: PanelPlace, url: String, icon: String, permission: Permission)] = [
        (.dashboard, "/dashboard", "gauge", .ownAccount),
        (.deploy, "/deploy", "plus", .bots),
        (.settings, "/settings", "sliders", .ownAccount),
        (.admin, "/admin", "shield", .administerAccounts),
    ]
}

/// A page for whoever is logged in.
protocol PanelPage: PageFrame, Sendable {
    var panelPlace: PanelPlace { get }
}

extension PanelPage {
    var description: String { "Wharf" }
    var canonicalPath: String? { nil }
    var place: PagePlace { .elsewhere }
}

/// What the layout `panel` prints around a page, besides what every layout prints.
struct PanelFrame: Sendable {
    struct Entry: Sendable {
        let navURL: String
        let navLabel: String
        let navIcon: String
        let navIsCurrent: Bool
    }

    struct Announcement: Sendable {
        let announcementText: String
        let announcementKind: String
    }

    /// For every form of the page.
    let csrf: String
    let navigation: [Entry]
    let accountName: String
    let accountEmail: String
    let accountInitial: String
    /// Who looks on as this account, where somebody does.
    let impersonatedAs: String?
    let announcements: [Announcement]
    let unverifiedEmail: String?
    /// One sentence about what has just been done.
    let toast: String?
    /// Where choosing a language leads back to.
    let here: String
    let languages: [Choice]
    /// Whom people may ask; nil where nobody is named.
    let support: String?
    /// Where that leads to, for an e-mail or a web address.
    let supportURL: String?
    /// What scripts say on every page, as JSON; pages with scripts of more words have their own.
    let texts: String

    init(
        _ viewer: Viewer,
        at place: PanelPlace,
        csrf: String,
        here: String,
        strings: Strings,
        announcements: [Announcement],
        settings: PanelSettings,
        toast: String?
    ) {
        self.csrf = csrf
        self.here = here
        self.announcements = announcements
        self.toast = toast
        let account = viewer.account
        navigation = PanelPlace.navigation.filter { viewer.may($0.permission) }.map { entry in
            Entry(
                navURL: entry.url,
                navLabel: strings("panel.nav.\(entry.place.rawValue)"),
                navIcon: entry.icon,
                navIsCurrent: entry.place == place
            )
        }
        accountName = account.name
        accountEmail = account.email.text
        accountInitial = account.name.first.map { $0.uppercased() } ?? "·"
        impersonatedAs = viewer.impersonator.map { _ in
            strings("panel.impersonation", ["name": account.name, "email": account.email.text])
        }
        unverifiedEmail =
            settings.needsVerifiedEmail && !account.isEmailVerified
            ? strings("panel.unverified", ["email": account.email.text]) : nil
        support = settings.supportContact.isEmpty ? nil : settings.supportContact
        supportURL = Self.address(of: settings.supportContact)
        languages = Choice.languages(strings.language)
        texts = strings.json(of: .calls)
    }

    private static func address(of contact: String) -> String? {
        if contact.hasPrefix("https://"), !contact.contains(where: \.isWhitespace) { return contact }
        return EmailAddress(contact).map { "mailto:\($0.text)" }
    }
}
