internal import Accounts
internal import Bots
internal import Foundation

/// What `/dashboard` shows.
struct DashboardPage: PanelPage {
    struct Notice: Sendable {
        let noticeID: Int
        let noticeText: String
        let noticeKind: String
        let noticeAt: String
        let noticeURL: String?
    }

    struct Offer: Sendable {
        let offerBot: String
        let offerURL: String
        let offerText: String
    }

    struct Use: Sendable {
        let useLabel: String
        let useText: String
        let useShare: Int
        let useIsFull: Bool

        init(_ label: String, _ used: Int, _ limit: Int?, strings: Strings, text: (Int) -> String) {
            useLabel = label
            useText =
                limit.map { strings("bots.use.of", ["used": text(used), "limit": text($0)]) }
                ?? strings("bots.use.unlimited", ["used": text(used)])
            useShare = limit.map { $0 > 0 ? min(100, used * 100 / $0) : 100 } ?? 0
            useIsFull = limit.map { used >= $0 } ?? false
        }
    }

    struct Empty: Sendable {
        let emptyIcon: String
        let emptyTitle: String
        let emptyText: String
        let emptyAction: String?
        let emptyURL: String?
    }

    let panelPlace = PanelPlace.dashboard
    let title: String
    let greeting: String
    let server: String
    let mayDeploy: Bool
    var maintenance: String?
    var notices: [Notice] = []
    var offers: [Offer] = []
    var plan: String?
    var uses: [Use] = []
    var charts: [UsageChart] = []
    var spans: [TabEntry] = []
    var tabs: [TabEntry] = []
    var search: String?
    var kept: [KeptParameter] = []
    var columns: [SortColumn] = []
    var bots: [BotRow] = []
    var hasBots = false
    var hasAnyBot = false
    var empty: Empty?
    var pager: BotPager?

    init(_ viewer: Viewer, server: String, strings: Strings) {
        title = "\(strings("panel.nav.dashboard")) · Wharf"
        greeting = strings("dashboard.greeting", ["name": viewer.account.name])
        mayDeploy = viewer.may(.bots)
        self.server = server
    }
}
