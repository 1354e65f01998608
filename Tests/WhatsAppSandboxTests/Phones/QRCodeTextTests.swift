import Foundation
import Testing

@testable import WhatsAppSandbox

struct QRCodeTextTests {
    private static let keys =
        "4l8pbR4xjovBHPbEir1z0VCU/KXkUvIZEG8dbFCt1Gk=,LrwN22jK2FeVhjVNmha9lWeaOoCl5EfUuLzS/7SNyFQ="
        + ",gzB9TpZSTeUuEKikbJOJxpXkOJ0Lp/ilwVsUcfV1THQ="
    private static let prefix = "https://wa.me/settings/linked_devices#"

    @Test(arguments: [
        (prefix + "2@Wharf0Ref1Example2,\(keys),1", "2@Wharf0Ref1Example2", "1"),
        ("2@Wharf0Ref1Example2,\(keys),1", "2@Wharf0Ref1Example2", "1"),
        ("2@Wharf0Ref1Example2,\(keys)", "2@Wharf0Ref1Example2", nil),
        ("2@a,b,c,\(keys),9", "2@a,b,c", "9"),
        ("  2@a,\(keys),d,https://example.com/x\n", "2@a", "d"),
    ])
    func everyFormIsRead(_ text: String, reference: String, clientType: String?) throws {
        let qr = try QRCodeText(parsing: text, strict: false)
        #expect(qr.reference == reference)
        #expect(qr.clientType == clientType)
        #expect(qr.noisePublicKey == hex("e25f296d1e318e8bc11cf6c48abd73d15094fca5e452f219106f1d6c50add469"))
        #expect(qr.identityPublicKey == hex("2ebc0ddb68cad8579586354d9a16bd95679a3a80a5e447d4b8bcd2ffb48dc854"))
        #expect(qr.advSecret == hex("83307d4e96524de52e10a8a46c9389c695e4389d0ba7f8a5c15b1471f5754c74"))
    }

    @Test func strictPhoneRefusesFourFields() throws {
        _ = try QRCodeText(parsing: "2@a,\(Self.keys),1", strict: true)
        #expect(throws: SandboxError.self) { try QRCodeText(parsing: "2@a,\(Self.keys)", strict: true) }
    }

    @Test(arguments: [
        "", ",", ",,,,", "#", prefix, "2@a", "2@a,b,c,d", "2@a,\(keys),", ",\(keys),1", "2@a,AAAA,AAAA,AAAA,1",
        String(repeating: ",", count: 2_000), String(repeating: "A", count: 5_000),
        "2@a,4l8pbR4xjovBHPbEir1z0VCU/KXkUvIZEG8dbFCt1Gk=,LrwN22jK2FeVhjVNmha9lWeaOoCl5EfUuLzS/7SNyFQ=,1",
    ])
    func rubbishNamesItsField(_ text: String) {
        let error = #expect(throws: SandboxError.self) { try QRCodeText(parsing: text, strict: false) }
        guard case .invalid("qr", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
