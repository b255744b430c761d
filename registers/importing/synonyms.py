"""What columns are called in registers that were kept elsewhere, beside the labels of the fields.

The names stand as they compare: letters and digits only, ä as ae.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NUMBER_WORDS: Final = (
    "Nr", "No", "Number", "Nummer", "Laufende Nummer", "Lfd Nr", "Running number", "Kennung",
)  # fmt: skip
STATE_WORDS: Final = ("Status", "State")

COMMON: Final[Mapping[str, str]] = {
    "name": "name title titel",
    "unit": """org organisation organization organisationunit organisationalunit abteilung amt fachamt
        fachbereich fachdienst referat dezernat department dienststelle
        zustaendigestelle fachlichzustaendigestelle""",
    "contact": "ansprechpartner ansprechpartnerin ansprechpartnerinnen contactperson kontakt",
    "description": "kurzbeschreibung erlaeuterung",
    "notes": "bemerkung anmerkung anmerkungen kommentar comment comments remark remarks note hinweise",
}
"""By field, for every register that has it."""

SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = {
    "processing-activities": {
        "name": """verarbeitungstaetigkeit verarbeitung verfahren verfahrensname verfahrensbezeichnung
            bezeichnungderverarbeitung bezeichnungderverarbeitungstaetigkeit nameoftheprocessingactivity
            processingactivity processing activity""",
        "since": "einfuehrung datumdereinfuehrung beginnderverarbeitung startdate",
        "purposes": """zweckderverarbeitung zweckederverarbeitung verarbeitungszweck
            verarbeitungszwecke purposeofprocessing purposesofprocessing purposesoftheprocessing""",
        "purposes.legal_basis": "rechtsgrundlage rechtsgrundlagen legalbasis legalbases lawfulbasis",
        "purposes.norm": "norm rechtsnorm vorschrift fachgesetz gesetz fachgesetzodersatzung nationalnorm",
        "subjects": """betroffene betroffener betroffenegruppen betroffenengruppen personengruppen
            kategorienbetroffenerpersonen kategoriederbetroffenenpersonen datasubject datasubjectcategories
            categoriesofdatasubjects""",
        "data": """daten datenkategorie datenkategorien datenarten personenbezogenedaten
            kategorienpersonenbezogenerdaten kategorienderdaten personaldata personaldatacategories
            categoriesofpersonaldata datacategories datacategory""",
        "data.period": """loeschfrist loeschfristen fristenfuerdieloeschung regelloeschfrist
            aufbewahrungsfrist aufbewahrungsfristen aufbewahrungsdauer speicherdauer speicherfrist retention
            retentionperiod storageperiod storageduration timelimits""",
        "recipients": """empfaengerkategorien kategorienvonempfaengern kategorienempfaenger
            recipientcategories categoriesofrecipients""",
        "recipients.country": "transferlocation transfercountry empfaengerland drittlaender thirdcountries",
        "third_country": "drittland drittlanduebermittlung drittlandtransfer thirdcountrytransfer",
        "transfer_note": "uebermittlungen garantien safeguards",
        "processors": "auftragnehmer dienstleister processor vendor dataprocessor",
        "joint_controllerships": "jointcontroller gemeinsameverantwortliche gemeinsameverantwortung",
        "objects": "anwendungen anwendung systeme system itsystem itsysteme software fachverfahren",
        "measures": """tom toms massnahmen technischeundorganisatorischemassnahmentom sicherheitsmassnahmen
            technischorganisatorischemassnahmen securitymeasures technicalandorganisationalmeasurestoms""",
        "next_review": "wiedervorlage ueberpruefungam pruefdatum reviewdate",
    },
    "processors": {
        "name": """auftragsverarbeiter auftragnehmer dienstleister firma unternehmen processor company vendor
            supplier""",
        "service": "leistungen taetigkeit gegenstand services",
        "country": "land sitzland countryofseat country",
        "instrument": "vertragsart vertragstyp",
        "contract_state": "vertragsstatus vertragsstand contractstatus",
        "signed_on": "vertragsdatum abgeschlossenam unterzeichnet vertragvom datevertrag signed",
        "valid_until": "vertragsende laufzeitende laufzeitbis gueltigbis befristetbis expires enddate",
        "document": "aktenzeichen ablage ablageort vertrag contract file",
        "sub_processors": """subunternehmer unterauftragnehmer unterauftragsverarbeiter
            subauftragsverarbeiter subprocessors subcontractors""",
        "locations": "verarbeitungsort verarbeitungsorte serverstandort standort standorte location",
        "guarantees": "zertifikate zertifizierung zertifizierungen certificates",
    },
    "objects": {
        "name": """zielobjekt objekt objektname objekttitel system anwendung hostname asset assetname
            targetobject ciname configurationitem displayname""",
        "kind": """objektart objekttyp typ assettype kind ciklasse citype ciclass klasse class sysclassname
            itemtype""",
        "status": """cmdbstatus installstatus operationalstatus betriebsstatus lebenszyklus lifecycle
            lifecyclestage zustand""",
        "count": "stueckzahl menge quantity",
        "description": "shortdescription zweck purpose funktion",
        "platform": """betriebssystem hardware produkt os operatingsystem operatingsystemname modell model
            modelid""",
        "location": "ort raum gebaeude room aufstellungsort",
        "owner": """verantwortlicher verantwortliche verantwortlichestelle eigentuemer owner ownedby
            assetowner businessowner serviceowner""",
        "administrators": """administrator administratoren admins betreuer managedby technicianincharge
            groupincharge supportgroup""",
        "users": "benutzer nutzer anwender assignedto alternateusername",
        "depends_on": """abhaengigvon abhaengigkeiten dependencies laeuftauf installiertauf betriebenauf
            parent runson hostedon host hostsystem""",
        "network_address": """ip ipadresse ipadressen hauptipadresse ipaddress ipaddresses adressbereich
            subnetz subnet""",
        "interfaces": "schnittstellen interfaces netzwerkkarten",
        "room_use": "raumart raumnutzung raumtyp",
        "provider": "dienstleister betreiber hersteller",
    },
    "connections": {
        "name": "verbindung netzverbindung kommunikationsbeziehung connection link",
        "start": "start startpunkt quelle quellsystem source",
        "end": "ziel zielpunkt zielsystem destination target",
        "kind": "verbindungsart verbindungstyp medium",
        "external": "aussenverbindung extern nachaussen externeverbindung",
        "partner": "externestelle kommunikationspartner gegenstelle",
        "carries": "daten informationen datenarten",
        "encryption": "kryptografie krypto",
        "cryptography": "protokoll protokolle verschluesselungsverfahren protocol",
        "addressing": "ports dienste services",
        "provider": "dienstleister betreiber netzbetreiber",
    },
    "projects": {
        "name": "projekt projektname projekttitel project projectname",
        "theme": "thema handlungsfeld theme",
        "stage": "phase projektstand projektphase",
        "lead": "projektleiter projektleiterin projektverantwortung projectmanager",
        "begins": "start startdatum projektstart projektbeginn startdate",
        "next_milestone": "meilenstein faelligkeit duedate",
        "funding": "foerderung budget foerderprogramm",
        "partners": "partner projektpartner kooperationspartner",
        "papers": "vorlage vorlagennummer drucksache drucksachen",
    },
    "services": {
        "name": """leistung leistungsbezeichnung leistungsname produkt produktbezeichnung produktname service
            servicename product productname""",
        "key": """leistungsschluessel leikaschluessel leika leikaid ozgid produktnummer produktschluessel
            produktnr servicekey productkey""",
        "kind": "katalog typ art catalogue",
        "description": "leistungsbeschreibung produktbeschreibung",
        "without_personal_data": "ohnepersonenbezug keinepersonenbezogenendaten withoutpersonaldata",
        "reason": "begruendung reason",
    },
}
"""By register and field."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "US": ("USA", "U.S.A.", "Vereinigte Staaten von Amerika", "United States of America"),
    "GB": ("UK", "Großbritannien", "England", "Great Britain"),
    "CZ": ("Tschechische Republik", "Czech Republic"),
    "NL": ("Holland",),
    "ObjectKind.PROCESS": (
        "Prozess", "Geschäftsprozesse", "Fachaufgabe", "Process", "Business Service",
    ),
    "ObjectKind.APPLICATION": (
        "Anwendungen", "Fachanwendung", "Fachanwendungen", "Applikation", "Fachverfahren", "Verfahren",
        "Software", "Dienst", "Datenbank",
        "Datenbankinstanz", "Datenbankschema", "Webanwendung", "Webserver",
        "Business Application", "Application Service", "Application Server", "Service", "Database",
        "Database Instance", "Web Application", "Web Server", "cmdb_ci_appl", "cmdb_ci_business_app",
        "cmdb_ci_service", "cmdb_ci_database",
    ),
    "ObjectKind.IT_SYSTEM": (
        "IT-Systeme", "Server", "Virtueller Server", "Virtuelle Maschine", "Virtueller Host",
        "Hypervisor", "Cluster", "Blade-Server", "Client", "Virtueller Client", "Arbeitsplatz",
        "Arbeitsplatzrechner", "Rechner", "Laptop", "Notebook", "Tablet", "Smartphone", "Mobiltelefon",
        "Telefon", "Telefonanlage", "Drucker", "Multifunktionsgerät", "Scanner", "Switch", "Router",
        "Firewall",
        "Access Point", "Wireless Access Point", "Netzwerkgerät", "Speichersystem", "Storage", "SAN", "NAS",
        "Thin Client", "Virtual Machine", "Virtual Machine Instance", "VM", "Virtual Server", "Linux Server",
        "Windows Server", "UNIX Server", "ESX Server", "Storage Server", "Computer", "Desktop", "PC",
        "Workstation", "Mobile device", "Phone", "Printer", "IP Switch", "IP Router", "IP Firewall",
        "Load Balancer", "Network Gear", "Network device", "Network equipment", "Networkequipment",
        "cmdb_ci_server", "cmdb_ci_linux_server", "cmdb_ci_win_server", "cmdb_ci_vm_instance",
        "cmdb_ci_computer", "cmdb_ci_netgear", "cmdb_ci_ip_switch", "cmdb_ci_ip_router", "cmdb_ci_printer",
    ),
    "ObjectKind.ICS": (
        "ICS-Systeme", "ICS", "SPS", "Steuerung", "Leitsystem", "Industrielle Steuerung", "PLC", "SCADA",
        "Control system",
    ),
    "ObjectKind.IOT": (
        "IoT", "IoT-Geräte", "IoT-System", "Andere/IoT-Systeme", "Sensor", "Kamera", "Camera", "IoT device",
    ),
    "ObjectKind.NETWORK": (
        "Netz", "Netze", "Netzwerk", "Teilnetz", "Subnetz", "VLAN", "Layer-2-Netz", "Layer-3-Netz", "WAN",
        "Netzverbindung", "Kommunikationsverbindung", "Kommunikationsverbindungen", "IP Network", "Subnet",
        "cmdb_ci_ip_network",
    ),
    "ObjectKind.ROOM": (
        "Räume", "Serverraum", "Technikraum", "Büroraum", "Rechenzentrum", "Schrank", "Serverschrank", "Rack",
        "Server room", "Data Center", "Data centre", "Computer Room", "cmdb_ci_rack", "cmdb_ci_datacenter",
    ),
    "ObjectKind.BUILDING": ("Liegenschaft", "Standort", "Site", "Campus"),
    "ObjectStatus.PLANNED": (
        "Geplant", "Bestellt", "In Beschaffung", "Lager", "Gelagert", "On order", "Ordered", "In stock",
        "Pending install",
    ),
    "ObjectStatus.TEST": (
        "Test", "Testbetrieb", "Pilot", "Pilotbetrieb", "Testing", "Staging", "Pre-Production",
    ),
    "ObjectStatus.OPERATION": (
        "Betrieb", "Aktiv", "Produktiv", "In Produktion", "Produktivbetrieb", "Verwendet", "In use", "Active",
        "Operational", "Production", "In production", "Live", "Installed", "Deployed",
    ),
    "ObjectStatus.RETIRED": (
        "Abgelöst", "Stillgelegt", "Ausgemustert", "Entsorgt", "Inaktiv", "Abgeschaltet", "Decommissioned",
        "Disposed", "Inactive", "Non-Operational", "End of life", "Absent",
    ),
    "ConnectionKind.LAN": ("LAN", "Ethernet", "Kabel", "Kabelgebunden", "Glasfaser", "Cable", "Fibre"),
    "ConnectionKind.WLAN": ("Funknetz", "Wi-Fi", "WiFi"),
    "ConnectionKind.WAN": ("WAN", "MPLS", "Standleitung", "Richtfunk", "Leased line"),
    "ConnectionKind.GOVERNMENT": ("Landesnetz", "Netze des Bundes", "NdB", "Behördennetz"),
    "ConnectionKind.VPN": ("VPN-Tunnel", "IPsec", "IPsec-Tunnel"),
    "ConnectionKind.MOBILE": ("LTE", "5G", "Mobile"),
    "ConnectionKind.TELEPHONE": ("Telefon", "ISDN", "VoIP", "SIP"),
    "ConnectionKind.FIELD": ("Feldbus", "Field bus", "Modbus", "Profibus"),
    "ConnectionKind.INTERFACE": ("Schnittstelle", "Interface", "Webservice", "API"),
    "Encryption.END_TO_END": (
        "Ende zu Ende", "Ende-zu-Ende", "Ende-zu-Ende-Verschlüsselung", "End-to-end", "E2E",
    ),
    "Encryption.TRANSPORT": ("Transport", "Transportverschlüsselung", "TLS", "IPsec", "In transit"),
    "Encryption.PARTLY": ("Teilweise", "Partly"),
    "Encryption.NONE": ("Keine", "Ohne", "Nein", "No"),
}  # fmt: skip
"""Other ways to say a word that can be chosen, by its stored name, with its class where others share that."""

OTHERWISE: Final[Mapping[str, tuple[str, str]]] = {
    "purposes.legal_basis": ("norm", "norm"),
    "data.period": ("start_event", "criteria"),
    "recipients.country": ("", "reason"),
}
"""Fields of the same row for words that the named field cannot take: beside an answer, and instead of one."""
