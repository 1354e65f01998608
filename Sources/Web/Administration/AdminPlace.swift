internal import Accounts

/// The pages below `/admin`, which share a second navigation, each with its address and who may see it.
enum AdminPlace: String, CaseIterable, Sendable {
    case overview
    case bots
    case expired
    case accounts
    case plans
    case system
    case deployments
    case logs
    case audit
    case announcements
    case settings

    var permission: Permission {
        switch self {
        case .bots, .expired: .administerBots
        case .system, .deployments, .logs: .seeSystem
        case .overview, .accounts: .administerAccounts
        case .audit: .readAudit
        case .plans, .announcements, .settings: .changeSettings
        }
    }

    var url: String {
        switch self {
        case .overview: "/admin"
        case .expired: "/expired"
        default: "/admin/\(rawValue)"
        }
    }

    func navigation(_ viewer: Viewer, _ strings: Strings) -> [SubEntry] {
        Self.allCases.filter { viewer.may($0.permission) }.map { place in
            SubEntry(
                subURL: place.url,
                subLabel: strings("admin.nav.\(place.rawValue)"),
                subIsCurrent: place == self
            )
        }
    }
}
