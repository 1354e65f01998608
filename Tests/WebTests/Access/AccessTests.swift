import Accounts
import Fleet
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct AccessTests {
    /// Routes that anybody may use, each for a reason that is known here.
    ///
    /// A route that is not in this list and lets
    /// strangers in fails the test.
    private static let open: Set<String> = [
        "GET /", "GET /assets/**", "GET /favicon.ico", "GET /robots.txt", "GET /docs", "GET /docs/{slug}",
        "GET /docs/images/{name}", "GET /api/openapi.json", "GET /api-docs", "GET /generate", "POST /generate",
        "GET /generate/{id}", "POST /generate/{id}/delete", "POST /api/session/generate", "POST /api/session/validate",
        "GET /api/session/qr/{id}", "GET /api/session/{id}", "DELETE /api/session/{id}", "POST /api/session/{id}/code",
        "POST /api/session/{id}/passkey", "POST /api/session/{id}/passkey/confirm", "POST /api/sandbox/scan",
        "POST /api/sandbox/link", "GET /api/health", "GET /health", "GET /ready", "GET /metrics", "GET /ws",
        "GET /login", "POST /login",
        "POST /login/code", "GET /register", "POST /register", "POST /language", "GET /forgot", "POST /forgot",
        "GET /reset/{token}", "POST /reset/{token}",
        "GET /verify-email/{token}", "POST /verify-email/{token}", "GET /invitation/{token}",
        "POST /invitation/{token}",
        "GET /setup/{token}", "POST /setup/{token}", "GET /login/with/{provider}",
        "GET /login/with/{provider}/callback", "POST /api/login", "POST /api/register", "POST /api/password/forgot",
        "POST /api/password/reset", "POST /api/login/refresh", "GET /dev/mail", "GET /link/{slug}",
        "POST /api/email/verify",
    ]

    @Test func strangersAreLetInWhereTheListSaysSo() throws {
        let lettingIn = try allRoutes().filter { $0.access == .open || $0.access == .visitors }
        #expect(Set(lettingIn.map(\.name)) == Self.open)
    }

    @Test func everyOtherRouteTurnsStrangersAway() async throws {
        let guarded = try allRoutes().filter { $0.access != .open && $0.access != .visitors }
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { (site, _) async throws in
            for route in guarded {
                let reply = try await site.request(route.method.rawValue, route.address())
                let name = route.name
                if route.isForMachines {
                    #expect(reply.status == 401, "\(name)")
                    #expect(reply["WWW-Authenticate"] == "Bearer", "\(name)")
                } else {
                    #expect(reply.status == 303, "\(name)")
                    #expect(reply["Location"]?.hasPrefix("/login") == true, "\(name)")
                }
            }
        }
    }

    /// The routes of administrators, asked by a user, and everything that a form does, asked without its token.
    @Test func usersAreKeptFromWhatIsNotTheirs() async throws {
        let routes = try allRoutes()
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { (site, _) async throws in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            for route in routes {
                let name = route.name
                if case .may(let permission) = route.access, !Role.user.may(permission) {
                    let fields = ["Cookie": "wharf-login=\(browser.cookies["wharf-login"] ?? "")"]
                    let reply = try await site.request(route.method.rawValue, route.address(), fields)
                    #expect(reply.status == 403, "\(name)")
                }
                guard route.method == .post, route.access != .open, !route.isForMachines else { continue }
                let reply = try await browser.send(route.address(), [:])
                #expect(reply.status == 403, "\(name)")
            }
        }
    }

    /// Every call that is an administrator's, made by a user from a page of our own.
    @Test func usersAreKeptFromTheCallsOfAdministrators() async throws {
        let routes = try allRoutes().filter { route in
            guard case .api(let scope) = route.access else { return false }
            return !Role.user.may(scope.permission)
        }
        #expect(routes.count > 15)
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let token = try #require(try await ada.get("/deploy").csrf)
            for route in routes {
                let reply = try await ada.call(route.method.rawValue, route.address(), token: token)
                #expect(reply.status == 403, "\(route.name): \(reply.text)")
                #expect(reply.errorCode == "request.scope_missing", "\(route.name)")
            }
        }
    }

    @Test func writesOfTheAPIThatComeWithACookieNeedTheToken() async throws {
        let writes = try allRoutes().filter { route in
            guard case .api(let scope) = route.access else { return false }
            return route.method != .get && Role.user.may(scope.permission)
        }
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, _ in
            let browser = PanelBrowser(site)
            _ = try await browser.register()
            for route in writes {
                let fields = ["Cookie": "wharf-login=\(browser.cookies["wharf-login"] ?? "")"]
                let reply = try await site.request(route.method.rawValue, route.address(), fields)
                #expect(reply.status == 403, "\(route.name)")
                #expect(reply.errorCode == "request.form_expired", "\(route.name)")
            }
        }
    }
}

struct NoPhones: SimulatedPhones {
    func scan(qr: String) async throws {}
    func enter(code: String, phone number: String) async throws {}
}
