"""Delivering figures as a steward does."""

import io

import xlsxwriter

from monitoring.models import Observation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = "indicatorCode,areaCode,period,value,sourceCode"


def post(client, content, path="/v1/observation-files", media_type="text/csv", **query):
    content = content.encode() if isinstance(content, str) else content
    keys = "&".join(f"{name}={value}" for name, value in query.items())
    return client.generic("POST", f"{path}?{keys}", content, content_type=media_type)


def lines(*rows, header=HEADER):
    return "\r\n".join([header, *rows]) + "\r\n"


def workbook(*rows, number_format=None, header=HEADER):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet, shown = book.add_worksheet(), book.add_format({"num_format": number_format} if number_format else {})
    for at, row in enumerate([header.split(","), *rows]):
        for column, value in enumerate(row):
            sheet.write(at, column, value, shown if at and column == 3 else None)
    book.close()
    return target.getvalue()


def found():
    return list(Observation.objects.filter(area_code="area-a").order_by("period_start").values_list("value", flat=True))


def faults(answer):
    return [(fault["location"], fault["code"]) for fault in answer.json()["errors"]]


def statline(period="2021", code="GM0363    ", number="   12.5"):
    header = '"Perioden";"Regio\'s";"Regiocode (code)";"Inkomen: laag/Aandeel (%)"'
    return f'\ufeff{header}\r\n"{period}";"Amsterdam";"{code}";"{number}"\r\n'
