import Accounts
import Foundation
import Testing

@testable import Fleet
@testable import Web

struct RenderingTests {
    private let renderer: PageRenderer

    init() throws {
        let share = try ShareFolder(path: sharePath)
        renderer = try PageRenderer(
            share: share,
            assets: AssetStore(share: share),
            isSandbox: false,
            version: "9.8.7"
        )
    }

    @Test func theFrameIsFilledIn() {
        let html = renderer.html(HomePage(renderer.strings(.english)), of: .home, theme: .dark)
        #expect(html.contains("<html lang=\"en\" data-theme=\"dark\">"))
        #expect(html.contains("<title>Wharf: session IDs for WhatsApp bots</title>"))
        #expect(html.contains("<meta name=\"description\" content=\"Link a phone"))
        #expect(html.contains("<link rel=\"canonical\" href=\"/\">"))
        #expect(html.contains("9.8.7"))
        #expect(html.firstMatch(of: #/href="\/"[^>]*aria-current="page"/#) != nil)
        #expect(!html.contains("sandbox-bar"))
        #expect(!renderer.html(HomePage(renderer.strings(.english)), of: .home, theme: nil).contains("data-theme"))
    }

    @Test func theSandboxShowsItself() throws {
        let share = try ShareFolder(path: sharePath)
        let sandbox = try PageRenderer(share: share, assets: AssetStore(share: share), isSandbox: true, version: "")
        let page = GeneratePage(csrf: "t", attemptsPerHour: 3, attemptMinutes: 5, strings: renderer.strings(.english))
        let html = sandbox.html(page, of: .generate, theme: nil)
        #expect(html.contains("sandbox-bar"))
        #expect(html.contains("data-testid=\"sandbox-scan\""))
        #expect(html.contains("data-testid=\"sandbox-link\""))
    }

    @Test func theGeneratePageIsFilledIn() {
        let page = GeneratePage(
            csrf: "t0ken",
            attemptsPerHour: 3,
            attemptMinutes: 5,
            chosen: "bare",
            strings: renderer.strings(.english)
        )
        let html = renderer.html(page, of: .generate, theme: nil)
        #expect(html.contains("name=\"csrf\" value=\"t0ken\""))
        #expect(html.contains("data-default-prefix=\"WHARF\""))
        #expect(html.firstMatch(of: #/<option value="bare"[^>]* selected>/#) != nil)
        #expect(html.contains("data-dialect=\"exclamation-gzip\" data-prefix=\"KnightBot\""))
        #expect(html.firstMatch(of: #/id="problem"[^>]* hidden>/#) != nil)
        #expect(AccessibilityLint(html).complaints == [])
    }

    @Test func theGeneratePageShowsErrorsEscaped() {
        var page = GeneratePage(csrf: "t", attemptsPerHour: 3, attemptMinutes: 5, strings: renderer.strings(.english))
        page.error = "Wrong <b>"
        page.phoneError = "Phone <b>"
        page.prefixError = "Prefix <b>"
        page.keptCountry = "49"
        page.keptPhone = "\"170"
        page.keptPrefix = "<x>"
        let html = renderer.html(page, of: .generate, theme: nil)
        for text in ["Wrong &lt;b&gt;", "Phone &lt;b&gt;", "Prefix &lt;b&gt;", "&quot;170", "&lt;x&gt;"] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.firstMatch(of: #/id="problem"[^>]* hidden>/#) == nil)
        #expect(AccessibilityLint(html).complaints == [])
    }

    private func page(
        _ state: AttemptState,
        method: LinkingMethod = .qr,
        code: String? = nil,
        qr: String? = nil
    ) throws -> String {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let id = try #require(AttemptID("AAAAAAAAAAAAAAAAAAAAAAAA"))
        let snapshot = AttemptSnapshot(
            id: id,
            method: method,
            state: state,
            text: "Do <this>.",
            expiresAt: now.addingTimeInterval(75),
            qr: qr.map { CurrentQR(text: $0, expiresAt: now) },
            pairingCode: code.map { CurrentPairingCode(code: $0, expiresAt: now) },
            passkey: nil,
            jid: nil,
            session: nil,
            problem: nil
        )
        let strings = renderer.strings(.english)
        return renderer.html(AttemptPage(snapshot, csrf: "t0ken", now: now, strings: strings), of: .attempt, theme: nil)
    }

    @Test(arguments: AttemptState.allCases)
    func everyStateOfAnAttemptIsShown(state: AttemptState) throws {
        let html = try page(state, code: "ABCD1234", qr: "2@x")
        #expect(html.contains("Do &lt;this&gt;."))
        #expect(AccessibilityLint(html).complaints == [])
        let isOver = state == .expired || state == .failed
        #expect(html.contains("Start a new try") == isOver)
        #expect(html.contains("http-equiv=\"refresh\"") == (!isOver && state != .done))
        #expect(html.contains("/generate/AAAAAAAAAAAAAAAAAAAAAAAA/delete") == !isOver)
        #expect(html.contains("in 75 seconds") == !isOver)
        #expect(html.contains("data-testid=\"qr\"") == (state == .ready))
        #expect(html.contains("ABCD-1234") == (state == .ready || state == .connecting))
        #expect(
            html.contains("unlink") == (state == .done)
                || html.contains("What a session ID gives away") == (state == .done)
        )
    }

    @Test func aCodeHidesTheQR() throws {
        #expect(try !page(.ready, method: .code, code: "ABCD1234", qr: "2@x").contains("data-testid=\"qr\""))
    }

    @Test func errorPagesAreFilledIn() {
        let own = renderer.html(
            ErrorPage(InternalError(), requestID: "abc123", strings: renderer.strings(.english)),
            of: .error,
            theme: nil
        )
        #expect(own.contains("<p class=\"error-status tabular\">500</p>"))
        #expect(own.contains("abc123"))
        #expect(own.contains("<h1>Something went wrong on our side</h1>"))
        let theirs = renderer.html(
            ErrorPage(RequestError.notFound, requestID: "abc123", strings: renderer.strings(.english)),
            of: .error,
            theme: nil
        )
        #expect(!theirs.contains("abc123"))
        #expect(theirs.contains("Check the address"))
        #expect(AccessibilityLint(theirs).complaints == [])
    }

    @Test func manualPagesAreFilledIn() throws {
        let navigation = try Navigation(share: ShareFolder(path: sharePath))
        let content = Markdown("# Top\n\n## One & two\n\ntext\n\n### Three\n", rewrite: { $0 })
        let page = ManualPage(
            content,
            title: "A <b>",
            description: "d",
            url: "/docs/x",
            page: navigation.pages[1],
            in: navigation,
            strings: renderer.strings(.english)
        )
        let html = renderer.html(page, of: .docs, theme: nil)
        #expect(html.contains("<title>A &lt;b&gt; · Wharf manual</title>"))
        #expect(html.contains("<a href=\"#one--two\">One &amp; two</a>"))
        #expect(html.contains("<h2 id=\"one--two\">One &amp; two"))
        #expect(html.contains("rel=\"prev\""))
        #expect(html.contains("rel=\"next\""))
        #expect(html.contains("aria-current=\"page\""))
        #expect(AccessibilityLint(html).complaints == [])
    }
}
