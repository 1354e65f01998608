import Foundation
import HTTPClient
import Testing

@testable import Accounts

/// Logging in with Google, against a server of our own that answers as Google documents it.
@Suite(.timeLimit(.minutes(5)))
struct GoogleTests {
    private let attempt = ProviderClient.Attempt(
        state: "the-state",
        nonce: "the-nonce",
        verifier: "a-verifier-of-forty-three-characters-or-more-0123",
        redirect: "http://127.0.0.1:8080/login/with/google/callback"
    )

    private func run(_ body: (FakeGoogle, ProviderClient, Provider) async throws -> Void) async throws {
        let http = HTTPClient()
        do {
            let google = try FakeGoogle()
            defer { google.stop() }
            let provider = Provider.google(
                clientID: FakeGoogle.clientID,
                clientSecret: "GOCSPX-s3cret",
                issuer: .google(document: google.document)
            )
            try await body(google, ProviderClient(http: http), provider)
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
    }

    @Test func theRealOneIsAskedUnlessToldOtherwise() {
        let issuer = OpenIDIssuer.google()
        #expect(issuer.document == "https://accounts.google.com/.well-known/openid-configuration")
        #expect(Provider.google(clientID: "c", clientSecret: "s").kind == .openID(issuer))
    }

    @Test(arguments: ["https://accounts.google.com", "accounts.google.com"])
    func thePersonIsWhoTheTokenSays(issuer: String) async throws {
        try await run { google, client, provider in
            let address = try await client.address(provider, attempt)
            let code = try google.authorize(address, ["iss": issuer])
            let identity = try await client.identity(provider, code: code, attempt)
            #expect(identity.subject == "10769150350006150715113082367")
            #expect(identity.email.text == "jsmith@example.com")
            #expect(identity.name == "J. Smith")
            // A code is good once.
            await #expect(throws: AccountsError.providerFailed(.badToken)) {
                _ = try await client.identity(provider, code: code, attempt)
            }
        }
    }

    @Test func tokensOfOthersAreRefused() async throws {
        try await run { google, client, provider in
            let address = try await client.address(provider, attempt)
            let wrong: [(String, any Sendable)] = [
                ("iss", "http://accounts.google.com"), ("iss", "https://accounts.google.com.evil.example"),
                ("iss", "google.com"), ("aud", "another.apps.googleusercontent.com"),
                ("azp", "another.apps.googleusercontent.com"), ("nonce", "another"),
                ("exp", Date().timeIntervalSince1970.rounded() - 600),
            ]
            for (name, value) in wrong {
                let code = try google.authorize(address, [name: value])
                await #expect(throws: AccountsError.providerFailed(.badToken), "\(name) \(value)") {
                    _ = try await client.identity(provider, code: code, attempt)
                }
            }
        }
    }

    @Test func anAddressMustBeVerifiedThere() async throws {
        try await run { google, client, provider in
            let code = try google.authorize(try await client.address(provider, attempt), ["email_verified": false])
            await #expect(throws: AccountsError.providerFailed(.unverifiedEmail)) {
                _ = try await client.identity(provider, code: code, attempt)
            }
        }
    }

    /// Those who have an account are let in at a time when nobody new is.
    @Test func aPersonLogsInAndIsKnownAgain() async throws {
        try await AccountsWorld.run { (world) async throws in
            try await run { google, client, provider in
                let service = try AccountsWorld(world.database, client: client) { $0.providers = [provider] }.service
                func logIn(refusal: (any Error & Sendable)? = nil) async throws -> AccountID? {
                    let caller = AccountsWorld.caller
                    let (location, browser) = try await service.beginAtProvider(
                        "google",
                        returnPath: "/dashboard",
                        linking: nil,
                        caller: caller
                    )
                    let items = try #require(URLComponents(string: location)?.queryItems)
                    let outcome = try await service.finishAtProvider(
                        "google",
                        state: try #require(items.first { $0.name == "state" }?.value),
                        code: try google.authorize(location),
                        browser: browser,
                        viewer: nil,
                        language: .english,
                        newcomersGet: refusal,
                        caller: caller
                    )
                    guard case .loggedIn(let account, _, _) = outcome else { return nil }
                    return account.id
                }
                await #expect(throws: AccountsError.registrationClosed) {
                    _ = try await logIn(refusal: AccountsError.registrationClosed)
                }
                let account = try #require(try await logIn())
                #expect(try await logIn(refusal: AccountsError.registrationClosed) == account)
            }
        }
    }
}
